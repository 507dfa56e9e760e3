import { rm } from 'node:fs/promises';
import path from 'node:path';
import { packImages } from '../images/pack-images.ts';
import { controlPlane, places, type Place } from '../machines/addresses.ts';
import { importImages } from './start-node.ts';
import { machineOf, type Cluster } from './state.ts';

/** Packs the images as the checkout stands now, and puts them into every node. */
export async function loadImages(cluster: Cluster): Promise<void> {
  const folder = path.join(cluster.folder, 'images');
  await rm(folder, { recursive: true, force: true });
  const images = await packImages(cluster.programs, folder);
  await Promise.all(
    places.map((place) => importImages(machineOf(cluster, place.name), neededOn(place, images))),
  );
}

/** Pods run on the nodes only; the control plane's machine has what every kubelet needs, the first image. */
function neededOn(place: Place, images: readonly string[]): readonly string[] {
  return place === controlPlane ? images.slice(0, 1) : images;
}

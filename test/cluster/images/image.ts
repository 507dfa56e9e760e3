import { createHash } from 'node:crypto';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Layer } from './layer.ts';

export interface Image {
  readonly name: string;
  readonly layers: readonly Layer[];
  readonly entrypoint: readonly string[];
  /** Numeric, so that `runAsNonRoot` can be checked. Root where left out. */
  readonly user?: string;
}

const mediaTypes = {
  config: 'application/vnd.oci.image.config.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
} as const;

/**
 * Writes an image into a folder in the OCI layout (https://github.com/opencontainers/image-spec/blob/main/image-layout.md). The layers are links to their
 * files: `tar --dereference` of the folder is what `ctr images import` reads.
 */
export async function writeLayout(image: Image, folder: string): Promise<void> {
  await mkdir(path.join(folder, 'blobs/sha256'), { recursive: true });
  for (const layer of image.layers) await symlink(layer.file, blobPath(folder, layer.digest));
  const config = await addJson(folder, 'config', configOf(image));
  const manifest = await addJson(folder, 'manifest', {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config,
    layers: image.layers.map(({ digest, size }) => descriptor('layer', digest, size)),
  });
  const annotations = { 'io.containerd.image.name': image.name };
  const index = { schemaVersion: 2, manifests: [{ ...manifest, annotations }] };
  await writeFile(path.join(folder, 'index.json'), JSON.stringify(index));
  await writeFile(path.join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
}

function configOf({ layers, entrypoint, user }: Image): object {
  return {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: { Entrypoint: entrypoint, ...(user === undefined ? {} : { User: user }) },
    rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => `sha256:${digest}`) },
  };
}

function descriptor(kind: keyof typeof mediaTypes, digest: string, size: number) {
  return { mediaType: mediaTypes[kind], digest: `sha256:${digest}`, size };
}

async function addJson(folder: string, kind: 'config' | 'manifest', value: object) {
  const text = JSON.stringify(value);
  const digest = createHash('sha256').update(text).digest('hex');
  await writeFile(blobPath(folder, digest), text);
  return descriptor(kind, digest, Buffer.byteLength(text));
}

function blobPath(folder: string, digest: string): string {
  return path.join(folder, 'blobs/sha256', digest);
}

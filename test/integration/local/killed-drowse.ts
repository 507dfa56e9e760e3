/** Plays a Drowse that is killed: starts the apps of a state directory, prints `ready`, and waits for its end. */
import { openHouse, type Watcher } from './room.ts';
import { killable } from './killable-apps.ts';

const [directory = ''] = process.argv.slice(2);
const { platform, add } = openHouse(directory);
const watchers: Watcher[] = [];
for (const app of killable()) {
  watchers.push(add(app));
  platform.scale(app.name, 1);
}
await Promise.all(watchers.map((watcher) => watcher.serving(1)));
console.log(JSON.stringify(watchers.map(({ replicas }) => replicas[0]?.pid)));
setInterval(() => undefined, 1e6);

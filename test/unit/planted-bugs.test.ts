import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { plantedBugs } from '../sim/planted/planted.ts';

/** `npm run sim -- --planted` takes a minute; that a changed source has left a planted bug without its place is said here, at once. */
test('every planted bug has exactly one place to go', () => {
  for (const { name, file, find, replace } of plantedBugs) {
    const places = readFileSync(file, 'utf8').split(find).length - 1;
    assert.equal(
      places,
      1,
      `"${name}" (test/sim/planted) fits ${places} places in ${file}: give it the new words`,
    );
    assert.notEqual(find, replace);
  }
});

test('there are enough of them, each with a name of its own, all over the house', () => {
  assert.ok(plantedBugs.length >= 14);
  assert.equal(new Set(plantedBugs.map(({ name }) => name)).size, plantedBugs.length);
  for (const room of [
    'src/core/handover',
    'src/core/policy',
    'src/control',
    'src/platforms/local',
    'src/traffic',
  ])
    assert.ok(
      plantedBugs.some(({ file }) => file.startsWith(room)),
      room,
    );
});

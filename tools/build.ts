import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';

/** Compiles `src` to the JavaScript that the package ships: compiled code starts faster and needs about 20 MB less than stripped types. */
rmSync('dist', { recursive: true, force: true });
execFileSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' });
chmodSync('dist/bin.js', 0o755);

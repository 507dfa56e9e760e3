import type { Go } from './go.ts';
import { buildModule } from './module.ts';

const version = '1.15.0';

/** A module of its own, so that the libraries of Kubernetes' version and of CoreDNS's do not have to agree. */
export function buildCoreDns(go: Go): Promise<string> {
  return buildModule(go, {
    name: 'coredns',
    version,
    goMod: async () =>
      `module drowse.dev/test/cluster/coredns\n\ngo 1.26.0\n\nrequire github.com/coredns/coredns v${version}\n`,
    ldflags: '-s -w',
  });
}

import type { Go } from './go.ts';
import { buildModule } from './module.ts';

interface Replacement {
  readonly Old: { readonly Path: string };
  readonly New: { readonly Path: string };
}

/** kube-apiserver, controller-manager, scheduler, kubelet, kube-proxy, kubectl and etcd of this version, in one program. */
export function buildKubernetes(go: Go, version: string): Promise<string> {
  return buildModule(go, {
    name: 'kubernetes',
    version,
    goMod: () => goModOf(go, version),
    ldflags: stamped(version),
  });
}

/**
 * k8s.io/kubernetes replaces its staging modules by folders of its own repository, which only its main module may do; here each is replaced by what
 * is published of it, v0.X.Y for 1.X.Y.
 */
async function goModOf(go: Go, version: string): Promise<string> {
  const download = await go.run(['mod', 'download', '-json', `k8s.io/kubernetes@v${version}`]);
  const { GoMod } = JSON.parse(download) as { readonly GoMod: string };
  const { Replace } = JSON.parse(await go.run(['mod', 'edit', '-json', GoMod])) as {
    readonly Replace: readonly Replacement[];
  };
  const staging = Replace.filter(({ New }) => New.Path.startsWith('./staging/'));
  const published = version.replace(/^1\./, 'v0.');
  const replaced = staging.map(({ Old }) => `\t${Old.Path} => ${Old.Path} ${published}\n`).join('');
  return `module drowse.dev/test/cluster/kubernetes\n\ngo 1.26.0\n\nrequire k8s.io/kubernetes v${version}\n\nreplace (\n${replaced})\n`;
}

/** Without it clients are told v0.0.0, and take the server for older than it is. The date is fixed, so that equal sources build equally. */
function stamped(version: string): string {
  const values = {
    gitVersion: `v${version}`,
    gitMajor: '1',
    gitMinor: version.split('.')[1],
    gitTreeState: 'clean',
    buildDate: '2026-01-01T00:00:00Z',
  };
  const packages = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'];
  const flags = packages.flatMap((name) =>
    Object.entries(values).map(([key, value]) => `-X ${name}.${key}=${value}`),
  );
  return ['-s -w', ...flags].join(' ');
}

import { pauseImage } from '../images/names.ts';
import type { Component } from '../machines/component.ts';
import { machineFolder } from '../machines/set-up.ts';
import { cniFolder, pluginFolder } from './cni.ts';

export const containerdSocket = '/run/containerd/containerd.sock';

/**
 * Version 2 of the format is read by containerd 1.6 (Debian 12) and by 2.x alike. Images and containers lie in the machine's own memory: they go with it, and
 * whatever file system the host has can bear them.
 */
export function containerdConfig(): string {
  const plugin = 'plugins."io.containerd.grpc.v1.cri"';
  return `version = 2
root = "/run/containerd-root"
state = "/run/containerd"
[grpc]
  address = "${containerdSocket}"
[${plugin}]
  sandbox_image = "${pauseImage}"
  # Whoever runs the tests may be root without the right to lower a score (CAP_SYS_RESOURCE).
  restrict_oom_score_adj = true
[${plugin}.cni]
  bin_dir = "${pluginFolder}"
  conf_dir = "${machineFolder}/${cniFolder}"
[${plugin}.containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
`;
}

export const containerd: Component = {
  name: 'containerd',
  argv: ['containerd', '--config', 'containerd.toml'],
};

import type { Component } from '../machines/component.ts';
import { addressesOf, clusterDomain, controlPlane, dnsAddresses, type Place } from '../machines/addresses.ts';
import { machineFolder } from '../machines/set-up.ts';
import { containerdSocket } from './containerd.ts';

export function kubeletConfig(cgroup: string): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: `${machineFolder}/pki/ca.crt` },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: `${machineFolder}/pki/kubelet.crt`,
    tlsPrivateKeyFile: `${machineFolder}/pki/kubelet.key`,
    containerRuntimeEndpoint: `unix://${containerdSocket}`,
    podLogsDir: `${machineFolder}/pod-logs`,
    volumePluginDir: `${machineFolder}/volume-plugins`,
    clusterDNS: dnsAddresses,
    clusterDomain,
    // The host's resolvers are none of the cluster's business.
    resolvConf: '',
    cgroupDriver: 'cgroupfs',
    cgroupRoot: cgroup,
    enforceNodeAllocatable: [],
    failCgroupV1: false,
    failSwapOn: false,
    localStorageCapacityIsolation: false,
    // A full disk of the host is no reason to throw away images that no registry has.
    evictionHard: { 'memory.available': '100Mi' },
    imageGCHighThresholdPercent: 100,
    maxPods: 200,
  };
}

export function kubelet(kubernetes: string, place: Place): Component {
  const taint = '--register-with-taints=node-role.kubernetes.io/control-plane=:NoSchedule';
  return {
    name: 'kubelet',
    argv: [
      kubernetes,
      'kubelet',
      '--config=kubelet.json',
      '--kubeconfig=pki/kubelet.kubeconfig',
      `--root-dir=${machineFolder}/kubelet`,
      `--cert-dir=${machineFolder}/kubelet/pki`,
      `--hostname-override=${place.name}`,
      `--node-ip=${addressesOf(place).join(',')}`,
      ...(place === controlPlane ? [taint] : []),
    ],
  };
}

import { podRanges, type Place } from '../machines/addresses.ts';
import type { Component } from '../machines/component.ts';
import { machineFolder } from '../machines/set-up.ts';
import type { ProxyMode } from '../options.ts';

/** Intervals are upstream's defaults: how long it takes until a change of endpoints is followed is what tests of a handover are about. */
export function kubeProxyConfig(place: Place, mode: ProxyMode): object {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    clientConnection: { kubeconfig: `${machineFolder}/pki/kube-proxy.kubeconfig` },
    hostnameOverride: place.name,
    mode,
    clusterCIDR: podRanges.join(','),
    // The table is the kernel's, shared with the host: its size is not ours to set.
    conntrack: { maxPerCore: 0 },
    metricsBindAddress: '127.0.0.1:10249',
  };
}

export function kubeProxy(kubernetes: string): Component {
  return { name: 'kube-proxy', argv: [kubernetes, 'kube-proxy', '--config=kube-proxy.json'] };
}

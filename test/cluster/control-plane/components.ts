import type { Component } from '../machines/component.ts';
import { addressesOf, controlPlane, podRanges, serviceRanges } from '../machines/addresses.ts';

const etcdUrl = 'http://127.0.0.1:2379';

/** Its data is for a test: what a power cut would lose need not be waited for. */
export function etcd(kubernetes: string): Component {
  return {
    name: 'etcd',
    argv: [
      kubernetes,
      'etcd',
      '--data-dir=etcd',
      '--unsafe-no-fsync',
      `--listen-client-urls=${etcdUrl}`,
      `--advertise-client-urls=${etcdUrl}`,
      '--listen-peer-urls=http://127.0.0.1:2380',
      '--log-level=warn',
    ],
  };
}

export function apiServer(kubernetes: string): Component {
  return {
    name: 'kube-apiserver',
    argv: [
      kubernetes,
      'kube-apiserver',
      `--etcd-servers=${etcdUrl}`,
      '--bind-address=::',
      '--secure-port=6443',
      `--advertise-address=${addressesOf(controlPlane)[0]}`,
      `--service-cluster-ip-range=${serviceRanges.join(',')}`,
      '--authorization-mode=Node,RBAC',
      '--enable-admission-plugins=NodeRestriction',
      '--allow-privileged=true',
      '--kubelet-preferred-address-types=InternalIP',
      ...certificates,
      ...serviceAccounts,
      ...aggregation,
      ...audit,
    ],
  };
}

const certificates = [
  '--client-ca-file=pki/ca.crt',
  '--tls-cert-file=pki/apiserver.crt',
  '--tls-private-key-file=pki/apiserver.key',
  '--kubelet-certificate-authority=pki/ca.crt',
  '--kubelet-client-certificate=pki/apiserver-kubelet-client.crt',
  '--kubelet-client-key=pki/apiserver-kubelet-client.key',
];

const serviceAccounts = [
  '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
  '--service-account-key-file=pki/tokens.pub',
  '--service-account-signing-key-file=pki/tokens.key',
];

/** How the API server shows itself to aggregated API servers, and how they know on whose behalf it asks. */
const aggregation = [
  '--requestheader-client-ca-file=pki/front-proxy-ca.crt',
  '--requestheader-allowed-names=front-proxy-client',
  '--requestheader-username-headers=X-Remote-User',
  '--requestheader-group-headers=X-Remote-Group',
  '--requestheader-extra-headers-prefix=X-Remote-Extra-',
  '--proxy-client-cert-file=pki/front-proxy-client.crt',
  '--proxy-client-key-file=pki/front-proxy-client.key',
];

export const auditLogName = 'audit.jsonl';

/** One file for the whole life of the cluster: a reader need not follow it through rotations. */
const audit = [
  '--audit-policy-file=audit-policy.json',
  `--audit-log-path=log/${auditLogName}`,
  '--audit-log-maxsize=100000',
];

export function controllerManager(kubernetes: string): Component {
  return {
    name: 'kube-controller-manager',
    argv: [
      kubernetes,
      'kube-controller-manager',
      '--kubeconfig=pki/kube-controller-manager.kubeconfig',
      '--use-service-account-credentials',
      '--service-account-private-key-file=pki/tokens.key',
      '--root-ca-file=pki/ca.crt',
      '--requestheader-client-ca-file=pki/front-proxy-ca.crt',
      `--cluster-cidr=${podRanges.join(',')}`,
      `--service-cluster-ip-range=${serviceRanges.join(',')}`,
      '--leader-elect=false',
    ],
  };
}

export function scheduler(kubernetes: string): Component {
  return {
    name: 'kube-scheduler',
    argv: [
      kubernetes,
      'kube-scheduler',
      '--kubeconfig=pki/kube-scheduler.kubeconfig',
      '--leader-elect=false',
    ],
  };
}

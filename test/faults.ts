/** Every fault that the project knows of, by group: what goes wrong, in words. `docs/faults.md` maps each to the tests that inject it. */
export const faults: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'Control': {
    'killed-between-writes':
      'Drowse is killed between any two writes',
    'answer-of-a-write-lost':
      'It is killed, or cut off, after a write of which it never hears the answer',
    'stale-cache':
      'It sees an old state of the world for a while',
    'two-leaders':
      'Two replicas of Drowse both take themselves for the leader',
    'two-owners':
      'Two Drowses are started with one configuration',
    'api-server-away':
      'The API server is away for ten minutes',
    'api-server-storms':
      'The API server answers 410, 409 and 429 in storms',
    'clock-jumps':
      'The clock jumps by an hour, either way',
    'missed-wake-edge':
      'The one moment of a demand is missed',
    'arrival-on-the-way-down':
      'Somebody arrives at any moment of the way to sleep',
    'foreign-scaling':
      'An autoscaler, GitOps or a person changes the count (0 is a manual hold, N is adopted)',
    'policy-edited-in-wake':
      'The policy is edited or removed while the app wakes',
    'one-bad-among-many':
      'One app among a hundred is broken: its ports, its policy, its platform',
    'webhook-down':
      'A decision or admission webhook is down',
    'uninstalled-asleep':
      'Drowse is uninstalled while apps sleep',
    'version-changed-asleep':
      'Drowse is upgraded or downgraded while apps sleep',
    'namespace-deleted':
      'The namespace of an app is deleted',
  },
  'Wake': {
    'cluster-says-no':
      'Image pull, quota, admission or scheduling fails',
    'cannot-start':
      'The process cannot be started, or ends at once',
    'never-ready':
      'The process runs and never serves',
    'ready-but-deaf':
      'Ready, but dials are refused or not answered',
    'crash-before-first-byte':
      'The app dies between ready and the first byte of its answer: again if no byte was written, else 502',
    'node-lost':
      'The machine of a replica is lost',
    'crowd-for-one':
      'Ten thousand requests at once for one app',
    'crowd-of-apps':
      'A hundred apps at once',
    'slow-between-nodes':
      'Nodes are 70–500 ms apart',
  },
  'Data path': {
    'activator-terminated':
      'Drowse gets SIGTERM: nobody is lost',
    'activator-killed':
      'Drowse gets SIGKILL: only its own connections are lost',
    'endpoints-late':
      'Endpoints are known up to 30 s late',
    'stale-conntrack':
      'The kernel of a node sends connections to an address that is gone',
    'pinned-to-the-activator':
      'Clients stay with the activator after the wake',
    'reused-connection-closed':
      'An idle connection to the app was closed at the moment in which it is used again',
    'long-streams':
      'A stream is open for longer than the idle time: it is use',
    'slow-clients':
      'Clients that send, or read, a byte at a time',
    'half-closed':
      'One side ends and the other goes on, or is reset: byte-exact',
    'half-open':
      'The other end has vanished without a word',
    'leaves-while-held':
      'A client leaves while it is held: forgotten within a second',
    'server-speaks-first':
      'The server speaks first, the client waits',
    'endless-bodies':
      'Bodies without end: no more than 64 KiB and what is on its way is kept',
    'probes-and-bots':
      'Probes, scrapes and bots that match a rule never wake',
    'ports-change-under-traffic':
      'Ports change while they carry connections',
  },
  'Abuse': {
    'foreign-host-claimed':
      "Another namespace's host or service is claimed",
    'port-claimed-twice':
      'An app claims the port of another',
    'ssrf':
      'A target leads to where Drowse may go and its author may not',
    'secrets-told':
      'Secrets in logs, in the journal, in answers',
    'forged-origin':
      'Forged `X-Forwarded-*`, `Forwarded`, `X-Real-IP`',
    'wake-floods':
      'Floods of visitors and of starts',
  },
  'HTTP': {
    'two-readings':
      'A request that two readers understand differently: lengths, encodings, line ends, hosts, versions',
    'endless-head':
      'A head of 100 MB',
    'early-tunnel-bytes':
      'Bytes behind an Upgrade before the 101, or behind CONNECT',
    'sent-twice':
      'A request is sent again that must not be',
    'early-answer':
      'The app answers before the upload has ended',
    'cve-2026-21710':
      'Node CVE-2026-21710: a header named `__proto__`',
    'cve-2025-59465':
      'Node CVE-2025-59465: a socket without an error handler',
    'cve-2026-1525':
      'undici CVE-2026-1525: `Content-Length` twice, in different case',
    'cve-2026-1527':
      'undici CVE-2026-1527: line breaks within `Upgrade`',
    'cve-2026-73548':
      'Envoy CVE-2026-73548, by its class (tunnels that are taken to be open too early): its own text has yet to be compared',
    'cve-2026-2833':
      'Pingora CVE-2026-2833: bytes behind an Upgrade are passed on before it is granted',
    'cve-2026-58055':
      'nghttp2 CVE-2026-58055: an Upgrade with a body',
    'cve-2026-77524':
      'KEDA CVE-2026-77524: a token is sent to an address that a user named',
  },
};

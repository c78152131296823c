/** The walls of docs/architecture.md: imports run downward only. Each message names the fix. */
const layers = [
  ['platform'],
  ['delivery', 'identity', 'realtime'],
  ['contacts', 'channels', 'inboxes'],
  ['conversations'],
  ['automation', 'csat', 'notifications', 'knowledge-base', 'campaigns', 'ai', 'reports', 'privacy', 'service-desk', 'integrations', 'operations', 'demo'],
  ['roles'],
];
const path = (names) => `^server/src/(${names.join('|')})/`;
const upward = layers.slice(0, -1).map((names, i) => ({
  name: `no-upward-import-from-layer-${i}`,
  comment: `Layer ${i} (${names.join(', ')}) may not know the layers above it. Give the lower side a registry or a port, and register from above.`,
  severity: 'error',
  from: { path: path(names), pathNot: '(\\.int-spec|\\.spec|\\.test-support)\\.ts$' },
  to: { path: path(layers.slice(i + 1).flat()) },
}));

module.exports = {
  forbidden: [
    ...upward,
    {
      name: 'no-sideways-import-of-features', severity: 'error',
      comment: 'Features do not import each other: subscribe to the other feature\'s events, or move the shared rule down into conversations.',
      from: { path: '^server/src/(automation|csat|notifications|knowledge-base|campaigns|ai|reports|privacy|service-desk|integrations|operations)/' },
      to: { path: '^server/src/(automation|csat|notifications|knowledge-base|campaigns|ai|reports|privacy|service-desk|integrations)/', pathNot: '^server/src/$1/' },
    },
    {
      name: 'no-channel-knows-another', severity: 'error',
      comment: 'A channel is one folder. Put what two channels share in channels/providers or channels/contract.',
      from: { path: '^server/src/channels/(?!contract/|providers/|index|channels)([^/]+)/' },
      to: { path: '^server/src/channels/(?!contract/|providers/)([^/]+)/', pathNot: '^server/src/channels/$1/' },
    },
    {
      name: 'nobody-knows-a-channel', severity: 'error',
      comment: 'Only channels/index.ts names channels. Ask the channel registry for capabilities instead.',
      from: { path: '^server/src/', pathNot: '^server/src/(channels/|app\\.module|demo/)|(\\.int-spec|\\.spec)\\.ts$' },
      to: { path: '^server/src/channels/(?!contract/|providers/|index|channels)[^/]+/' },
    },
    {
      name: 'no-circular', severity: 'error',
      comment: 'Two files that need each other are one file, or hide a third they both need.',
      from: { path: '^(server|client|widget)/src' }, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'migrations-stand-alone', severity: 'error',
      comment: 'A migration must not change when the code does: write plain SQL in it.',
      from: { path: '^migrations/' }, to: { path: '^(server|client|widget)/' },
    },
    {
      name: 'typeorm-only-in-persistence', severity: 'error',
      comment: 'Only platform/database and migrations know TypeORM. Use unitOfWork and tx.sql in a repository.',
      from: { path: '^server/src/', pathNot: '^server/src/platform/database/' }, to: { path: 'node_modules/typeorm' },
    },
    {
      name: 'bullmq-only-in-queue', severity: 'error',
      comment: 'Only platform/queue and delivery know BullMQ. Register a job or a subscriber instead.',
      from: { path: '^server/src/', pathNot: '^server/src/(platform/queue|delivery)/' }, to: { path: 'node_modules/bullmq' },
    },
    {
      name: 'socket-io-only-in-realtime', severity: 'error',
      comment: 'Only realtime (and tests) know socket.io. Register what you push with the realtime registry.',
      from: { path: '^server/src/', pathNot: '^server/src/realtime/|(\\.int-spec|\\.spec)\\.ts$' }, to: { path: 'node_modules/socket.io/' },
    },
    {
      name: 'http-clients-only-in-outbound', severity: 'error',
      comment: 'Use platform/outbound-http: it guards against private addresses and bounds time and size.',
      from: { path: '^server/src/', pathNot: '^server/src/platform/outbound-http/|(\\.int-spec|\\.spec)\\.ts$' }, to: { path: 'node_modules/undici|^(http|https)$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'client-ui-knows-no-feature', severity: 'error',
      comment: 'ui/ is the design system: pass what it needs as props.',
      from: { path: '^client/src/(ui|composables)/' }, to: { path: '^client/src/(features|app)/' },
    },
    {
      name: 'client-api-knows-nobody', severity: 'error',
      comment: 'api/ and realtime/ carry data; features import them, never the reverse.',
      from: { path: '^client/src/(api|realtime)/' }, to: { path: '^client/src/(features|app|ui)/' },
    },
    {
      name: 'widget-and-client-are-apart', severity: 'error',
      comment: 'The widget ships alone and small: it shares only generated types with the server.',
      from: { path: '^widget/' }, to: { path: '^(client|server)/' },
    },
    {
      name: 'loader-has-no-framework', severity: 'error',
      comment: 'The loader runs on strangers\' pages before anyone asked for chat: plain TypeScript only.',
      from: { path: '^widget/src/loader/' }, to: { path: 'node_modules/|^widget/src/frame/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|test)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.vue', '.mjs', '.json'], exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};

/** ESM mode with SWC: Nest 12 is ESM-only. Run through `npm test`, which gives the databases. */
const swc = ['@swc/jest', {
  jsc: {
    target: 'es2022', keepClassNames: true, parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
  module: { type: 'es6' },
}];

export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/{server,client,widget}/{src,test}/**/*.{spec,int-spec,e2e-spec}.ts', '<rootDir>/server/**/*.int-spec.ts', '<rootDir>/server/**/*.e2e-spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/', '/.data/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': swc },
  globalSetup: '<rootDir>/server/test/global-setup.mjs',
  globalTeardown: '<rootDir>/server/test/global-teardown.mjs',
  maxWorkers: 2,
  // Modules of finished files stay in memory: beyond this the collector is busier than the tests, and at four gigabytes the worker dies.
  workerIdleMemoryLimit: '1200MB',
  testTimeout: 30_000,
};

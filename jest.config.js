/**
 * Node loads the test files, many to a process, and Jest runs them: docs/decisions/0035-tests-share-loaded-code.md.
 * Run through `npm test`, which gives the databases.
 */
export default {
  testEnvironment: '<rootDir>/scripts/jest/environment.mjs',
  runtime: '<rootDir>/scripts/jest/runtime.cjs',
  transform: {},
  injectGlobals: false,
  testMatch: ['<rootDir>/{server,client,widget}/{src,test}/**/*.{spec,int-spec,e2e-spec}.ts', '<rootDir>/server/**/*.int-spec.ts', '<rootDir>/server/**/*.e2e-spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/', '/.data/'],
  globalSetup: '<rootDir>/server/test/global-setup.mjs',
  globalTeardown: '<rootDir>/server/test/global-teardown.mjs',
  maxWorkers: 2,
  // What test files hold stays in memory with them.
  workerIdleMemoryLimit: '1200MB',
  // For what hangs. A busy machine may be many times slower than ours.
  testTimeout: 300_000,
  testSequencer: `<rootDir>/scripts/jest/${process.env.TEST_ORDER ? 'shuffle' : 'longest-first'}.mjs`,
};

const { pathToFileURL } = require('node:url');

const EVENT_HANDLERS = Symbol.for('EVENT_HANDLERS');
const ready = import('./typescript-loader.mjs').then(() => import('./globals.mjs'));

/**
 * Loads a test file with Node's own modules, in place of Jest's: what it imports stays loaded for the next file of the
 * same process. Of Jest's runtime this is what its runner and jest-circus ask for without mocks and coverage.
 */
module.exports = class NativeRuntime {
  #globals;

  setGlobalsForRuntime(globals) {
    this.#globals = globals;
  }

  unstable_shouldLoadAsEsm() {
    return true;
  }

  async unstable_importModule(path) {
    const { use } = await ready;
    use(this.#globals);
    await import(pathToFileURL(path).href);
  }

  /** jest-circus keeps the tests it collected: each file gets a new one. */
  requireInternalModule(path) {
    delete globalThis[EVENT_HANDLERS];
    delete require.cache[path];
    const loaded = require(path);
    module.children.length = 0;
    return loaded;
  }

  requireModule(path) {
    return require(path);
  }

  getSourceMaps() {
    return new Map();
  }

  getAllCoverageInfoCopy() {}
  enterTestCode() {}
  leaveTestCode() {}
  teardown() {}
};

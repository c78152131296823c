/**
 * What `@jest/globals` means to a test file. Every test file gets functions of its own from Jest, while the helpers it
 * shares with other files stay loaded: an import sees the ones of the file that runs.
 */
export let afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test;

export function use(globals) {
  ({ afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } = globals);
}

import { existsSync, readFileSync } from 'node:fs';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Lets Node load our TypeScript sources as they are: the tests' own processes, and the threads of the applications they start. */
const HOOKS = '?hooks';
if (!import.meta.url.includes(HOOKS)) register(`${import.meta.url}${HOOKS}`);

const GLOBALS = new URL('./globals.mjs', import.meta.url).href;
const SWC = {
  swcrc: false, sourceMaps: 'inline', module: { type: 'es6' },
  jsc: {
    target: 'es2022', keepClassNames: true, parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
};

/** The server writes './x.js' for x.ts, the pages './x' for x.ts or x/index.ts, as their compilers do. */
export async function resolve(specifier, context, next) {
  if (specifier === '@jest/globals') return { url: GLOBALS, shortCircuit: true };
  if (/^\.{1,2}(\/|$)/.test(specifier) && context.parentURL?.endsWith('.ts')) {
    const path = specifier.replace(/\.js$/, '');
    for (const candidate of [`${path}.ts`, `${path}/index.ts`]) {
      const url = new URL(candidate, context.parentURL);
      if (existsSync(url)) return { url: url.href, format: 'module', shortCircuit: true };
    }
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  // Only the thread that translates needs the translator.
  const { transform } = await import('@swc/core');
  const filename = fileURLToPath(url);
  const { code } = await transform(readFileSync(filename, 'utf8'), { ...SWC, filename });
  return { format: 'module', source: code, shortCircuit: true };
}

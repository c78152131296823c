import { parseArgs } from 'node:util';
import { SetupError } from './setup.errors.js';

/** Options that are there or not. */
const FLAGS = ['new-secret-key', 'tidy', 'compromised'];

/** A command line, read but not yet understood by its command. */
export interface Arguments { command: string; options: Record<string, string>; json: boolean }

/** Reads `create-account --name "Food bank" --json`. Throws SetupError on anything it does not understand. */
export function readArguments(argv: string[]): Arguments {
  const [command = 'help', ...rest] = argv;
  if (command === '--help' || command === '-h') return { command: 'help', options: {}, json: false };
  const { tokens } = parseArgs({ args: rest, strict: false, tokens: true, options: {}, allowPositionals: true });
  const options: Record<string, string> = {};
  let json = false;
  for (let n = 0; n < tokens.length; n++) {
    const token = tokens[n]!;
    if (token.kind !== 'option') throw new SetupError(`"${'value' in token ? token.value : ''}" is not understood. Options are written --name value.`);
    if (token.name === 'json') {
      if (token.value !== undefined) throw new SetupError('--json takes no value.');
      json = true;
      continue;
    }
    if (FLAGS.includes(token.name)) {
      if (token.value !== undefined) throw new SetupError(`--${token.name} takes no value.`);
      options[token.name] = '';
      continue;
    }
    const next = tokens[n + 1];
    const value = token.value ?? (next?.kind === 'positional' ? next.value : undefined);
    if (value === undefined) throw new SetupError(`--${token.name} needs a value.`);
    if (token.value === undefined) n++;
    options[token.name] = value;
  }
  return { command, options, json };
}

import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { SetupError } from './setup.errors.js';

/** What a command needs to know. `ask` is the question put to a person when the option is not given. */
export interface Needed { option: string; ask: string; hidden?: boolean; optional?: boolean }

/** Gets options from the command line, or from the person at the terminal. */
export class Asking {
  constructor(private readonly options: Record<string, string>, private readonly interactive: boolean) {}

  has(option: string): boolean {
    return this.options[option] !== undefined;
  }

  /** The option's value. Throws SetupError when it is missing and there is nobody to ask. */
  async for({ option, ask, hidden = false, optional = false }: Needed): Promise<string> {
    const given = this.options[option];
    if (given !== undefined) return given.trim();
    if (optional && !this.interactive) return '';
    if (!this.interactive) throw new SetupError(`--${option} is missing.`);
    for (;;) {
      const answer = (await askTerminal(`${ask}: `, hidden)).trim();
      if (answer !== '' || optional) return answer;
    }
  }
}

async function askTerminal(question: string, hidden: boolean): Promise<string> {
  // With echo on, a password would stay on the screen: what the terminal writes back is dropped while it is typed.
  let muted = false;
  const output = new Writable({ write(chunk: Buffer, _encoding, done) { if (!muted) process.stderr.write(chunk); done(); } });
  const terminal = createInterface({ input: process.stdin, output, terminal: true });
  try {
    const answer = terminal.question(question);
    muted = hidden;
    return await answer;
  } finally {
    muted = false;
    if (hidden) process.stderr.write('\n');
    terminal.close();
  }
}

import type { Type } from '@nestjs/common';
import type { Asking } from './asking.js';

/** What a command answers: keys for programs, lines for people. */
export interface CommandResult { json: object; lines: string[]; /** It ran, and what it found is bad: the exit code says so. */ failed?: boolean }

/** One administration command. */
export interface Command {
  /** Throws SetupError or Problem with a sentence for whoever runs it. */
  run(asking: Asking): Promise<CommandResult>;
}

/** A command as it is typed and explained. */
export interface CommandEntry {
  name: string; summary: string; usage: string; provider: Type<Command>;
  /** What happens to the key beforehand when not the usual: it must be the right one, and the first one is kept. */
  key?: 'unchecked' | 'not kept';
}

import { NestFactory } from '@nestjs/core';
import { Clock } from '../platform/clock/clock.js';
import type { Config } from '../platform/config/config.js';
import { demandRightKey } from '../platform/crypto/keyring-connection.js';
import { CryptoModule } from '../platform/crypto/crypto.module.js';
import { Problem } from '../platform/http/problem.js';
import { Log } from '../platform/logging/log.js';
import { Asking } from './asking.js';
import { readArguments, type Arguments } from './arguments.js';
import { COMMANDS, help } from './commands.js';
import { BackupError } from '../operations/backup/backup.errors.js';
import { SetupError } from './setup.errors.js';
import { SetupModule } from './setup.module.js';

/** What every command but doctor takes. */
const PROOF = ['as', 'otp', 'recovery-code'];

/** What a run writes and how it ends. */
export interface CommandOutcome { stdout: string; stderr: string; code: number }

/** Runs one command line. Answers what to write; throws nothing. The settings are read only when a command needs them. */
export async function runCommand(argv: string[], settings: () => Config, terminal: boolean, clock = new Clock()): Promise<CommandOutcome> {
  const json = argv.some((word) => /^--json(=|$)/.test(word));
  try {
    const args = readArguments(argv);
    if (args.command === 'help') return { stdout: help(), stderr: '', code: 0 };
    const { stdout, failed } = await answerOf(args, settings, terminal, clock);
    return { stdout, stderr: '', code: failed ? 1 : 0 };
  } catch (error) {
    const message = sentence(error);
    return json ? { stdout: `${JSON.stringify({ error: message })}\n`, stderr: '', code: 1 } : { stdout: '', stderr: `${message}\n`, code: 1 };
  }
}

async function answerOf(args: Arguments, settings: () => Config, terminal: boolean, clock: Clock): Promise<{ stdout: string; failed: boolean }> {
  const entry = COMMANDS.find((command) => command.name === args.command);
  if (!entry) throw new SetupError(`There is no command ${args.command}. "help" lists them.`);
  const unknown = Object.keys(args.options).find((option) => !PROOF.includes(option) && !new RegExp(`--${option}[ \\]]`).test(entry.usage));
  if (unknown !== undefined) throw new SetupError(`${entry.name} does not know --${unknown}. "help" lists what it takes.`);
  const config = settings();
  if (entry.key === 'not kept') await demandRightKey(config);
  const silent = Log.at('silent'); // stdout belongs to the answer
  const app = await NestFactory.createApplicationContext(SetupModule.with(config, silent, clock, entry.key ? CryptoModule.withoutKeys() : CryptoModule), { logger: silent.forNest(), abortOnError: false });
  try {
    const { json, lines, failed = false } = await app.get(entry.provider).run(new Asking(args.options, terminal && !args.json));
    return { stdout: args.json ? `${JSON.stringify(json)}\n` : `${lines.join('\n')}\n`, failed };
  } finally {
    await app.close();
  }
}

function sentence(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  if (error instanceof SetupError || error instanceof Problem || error instanceof BackupError) return message!;
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND') return 'The database cannot be reached. Is it running, and is DATABASE_URL right?';
  return (message ?? String(error)).split('\n')[0]!;
}

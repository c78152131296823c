import 'reflect-metadata';
import { readConfig } from '../platform/config/config.js';
import { runCommand } from './run-command.js';

const { stdout, stderr, code } = await runCommand(process.argv.slice(2), readConfig, Boolean(process.stdin.isTTY));
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = code;

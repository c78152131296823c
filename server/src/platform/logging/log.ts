import { pino, type DestinationStream, type Logger } from 'pino';
import type { LoggerService } from '@nestjs/common';
import { currentRequestId } from './request-context.js';

/** Facts for a log line: ids, counts, durations. Never content, addresses or secrets. */
export type LogFacts = Record<string, unknown>;

/** Structured log lines on stdout, one JSON object each. */
export class Log {
  private constructor(private readonly pino: Logger) {}

  static at(level: string): Log {
    return Log.to(pino.destination(1), level);
  }

  /** A log that writes its lines elsewhere than to stdout. */
  static to(destination: DestinationStream, level: string): Log {
    return new Log(pino({
      level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['password', '*.password', 'token', '*.token', 'authorization', '*.authorization', 'cookie', '*.cookie', 'content', '*.content'],
      serializers: { error: describeError },
      mixin: requestFacts,
    }, destination));
  }

  /** The same log with facts put on every line. */
  with(facts: LogFacts): Log {
    return new Log(this.pino.child(facts));
  }

  debug(message: string, facts: LogFacts = {}): void { this.pino.debug(facts, message); }
  info(message: string, facts: LogFacts = {}): void { this.pino.info(facts, message); }
  warn(message: string, facts: LogFacts = {}): void { this.pino.warn(facts, message); }
  error(message: string, facts: LogFacts = {}): void { this.pino.error(facts, message); }

  /** What Nest itself has to say, without its per-route start-up lines. */
  forNest(): LoggerService {
    return {
      log: () => undefined, debug: () => undefined, verbose: () => undefined,
      warn: (message: unknown) => this.warn(String(message)),
      error: (message: unknown, stack?: unknown) => this.error(String(message), { stack }),
      fatal: (message: unknown, stack?: unknown) => this.error(String(message), { stack }),
    };
  }
}

function requestFacts(): LogFacts {
  const id = currentRequestId();
  return id === undefined ? {} : { request_id: id };
}

/**
 * What a log may know of an error. Database errors carry the statement's parameters, which are people's words and addresses: only the code and
 * the names of what was hurt are kept, and a message that quotes a value is replaced by the code's.
 */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, stack, cause, code, constraint, table, column } = error as Error & { code?: unknown; constraint?: unknown; table?: unknown; column?: unknown };
  const isOfDatabase = 'severity' in error || 'driverError' in error;
  const message = isOfDatabase ? `database error ${String(code)}` : error.message;
  const where = stack?.slice(stack.indexOf('\n    at '));
  return { type: name, message, code, constraint, table, column, stack: stack?.includes('\n    at ') ? where : undefined, ...(cause instanceof Error ? { cause: describeError(cause) } : {}) };
}

import { pino, type Logger } from 'pino';
import type { LoggerService } from '@nestjs/common';

/** Facts for a log line: ids, counts, durations. Never content, addresses or secrets. */
export type LogFacts = Record<string, unknown>;

/** Structured log lines on stdout, one JSON object each. */
export class Log {
  private constructor(private readonly pino: Logger) {}

  static at(level: string): Log {
    return new Log(pino({
      level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['password', '*.password', 'token', '*.token', 'authorization', '*.authorization', 'cookie', '*.cookie', 'content', '*.content'],
      serializers: { error: pino.stdSerializers.err },
    }));
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

import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Log } from '../logging/log.js';
import { DamagedFile } from '../storage/sealed-format.js';
import { notFound, Problem, type ProblemKind } from './problem.js';

const STATUS: Record<ProblemKind, number> = {
  unauthenticated: 401, not_permitted: 401, forbidden: 403, not_found: 404, invalid: 422, unprocessable: 422,
  conflict: 409, gone: 410, too_large: 413, too_many: 429, unavailable: 503, no_room: 507,
};

/** The only place that turns errors into answers, in the bodies Chatwoot's clients know. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    answerError(error, request, reply, this.log);
  }
}

/** Answers an error, and writes down those that are our fault. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Log): void {
  if (reply.sent) return;
  const { status, body, retryAfter } = namesWhatCannotExist(error, request.params) ? answerOf(notFound()) : answerOf(error);
  if (status >= 500) log.error('request failed', { error, request_id: request.id, method: request.method, route: request.routeOptions?.url });
  else if (raceOf(error) !== undefined && (error as { code?: string }).code !== '23505') log.warn('request lost a race', { error, request_id: request.id, method: request.method, route: request.routeOptions?.url });
  if (retryAfter !== undefined) void reply.header('Retry-After', String(Math.ceil(retryAfter)));
  // What a file's answer had said of itself is not true of this one.
  for (const name of ['Content-Length', 'Content-Disposition', 'Content-Encoding', 'ETag', 'Cache-Control', 'Accept-Ranges', 'Content-Range']) void reply.removeHeader(name);
  void reply.status(status).type('application/json; charset=utf-8').send(body);
}

interface Answer { status: number; body: Record<string, unknown>; retryAfter?: number }

function answerOf(error: unknown): Answer {
  if (error instanceof Problem) return { status: STATUS[error.kind], body: bodyOf(error), retryAfter: error.retryAfter };
  if (error instanceof DamagedFile) return { status: 500, body: { error: 'This file was damaged where it is stored and cannot be opened. Whoever looks after this server may have it in a backup.', error_code: 'file_damaged' } };
  if (error instanceof HttpException) {
    const status = error.getStatus();
    return { status, body: status === 404 ? { error: 'Resource could not be found' } : { error: error.message } };
  }
  return fromFastifyOrDatabase(error as { statusCode?: number; code?: string; message?: string });
}

function bodyOf(problem: Problem): Record<string, unknown> {
  if (problem.kind === 'unauthenticated') return { errors: [problem.message], ...problem.body };
  if (problem.kind === 'invalid') return { message: problem.message, attributes: problem.attributes, ...problem.body };
  return { error: problem.message, ...problem.body };
}

function fromFastifyOrDatabase(error: { statusCode?: number; code?: string; message?: string }): Answer {
  if (error.statusCode === 413) return { status: 413, body: { error: 'This is larger than what can be accepted.' } };
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return { status: error.statusCode, body: { error: error.message ?? 'The request could not be read.' } };
  }
  // PostgreSQL refuses NUL bytes and broken UTF-8 in text; the request is at fault, not we.
  if (error.code === '22021' || error.code === '22P05') return { status: 422, body: { error: 'The text holds characters that cannot be stored.' } };
  if (tooLargeNumber(error) !== undefined) return { status: 422, body: { error: 'A number is larger than any that can be stored.' } };
  const race = raceOf(error);
  if (race !== undefined) return { status: 409, body: { error: race }, retryAfter: 1 };
  if (isDatabaseAway(error)) return { status: 503, body: { error: 'The database is not reachable just now. Try again in a moment.' }, retryAfter: 2 };
  if (['ENOSPC', 'EDQUOT', '53100'].includes(error.code ?? '')) return { status: 507, body: { error: 'There is no room left on this server. Nothing was stored; whoever looks after it must free some.' } };
  return { status: 500, body: { error: 'Something went wrong on our side. Nothing was stored.' } };
}

const IN_THE_WAY = 'Somebody else was changing the same at this moment. Nothing was stored; try again.';
/** What to say of two requests that raced each other, by what PostgreSQL calls it. The other has done its work; this one has done nothing. */
const RACES: Partial<Record<string, string>> = {
  23505: 'Somebody else has just stored the same.', 23503: 'Something that belongs to this has just been deleted or added. Nothing was stored; look again.', '40P01': IN_THE_WAY, 40001: IN_THE_WAY, '55P03': IN_THE_WAY,
};
const raceOf = (error: unknown): string | undefined => RACES[(error as { code?: string } | undefined)?.code ?? ''];

/** The parameter that does not fit its column, as PostgreSQL names it. A sum that overflows is our fault and is worded otherwise. */
function tooLargeNumber(error: unknown): string | undefined {
  const { code, message } = error as { code?: string; message?: string };
  return code === '22003' ? /^value "(-?\d+)" is out of range for type/.exec(message ?? '')?.[1] : undefined;
}

/** Ids are counted from 1, so one that does not fit its column is of nothing. */
function namesWhatCannotExist(error: unknown, params: unknown): boolean {
  const number = tooLargeNumber(error);
  return number !== undefined && Object.values((params ?? {}) as Record<string, string>).some((param) => /^\d+$/.test(param) && String(Number(param)) === number);
}

function isDatabaseAway(error: { code?: string; message?: string }): boolean {
  return ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P01', '57P02', '57P03', '08006', '08001', '53300'].includes(error.code ?? '')
    || /Connection terminated|timeout exceeded when trying to connect/.test(error.message ?? '');
}

import type { FastifyRequest } from 'fastify';
import type { Multipart, MultipartFile } from '@fastify/multipart';
import { randomUUID } from 'node:crypto';
import qs from 'qs';
import { MAX_FILE_BYTES } from '../storage/staged-file.js';
import { invalid, Problem, unprocessable } from './problem.js';

/** Longest text of one field; a message has at most 150,000 characters, of four bytes at most. */
const MAX_FIELD_BYTES = 640 * 1024;
/** Longest text of all fields together, in characters: as much as JSON may have. */
const MAX_TEXT = 2 * 1024 * 1024;
/** What the parser itself enforces. One byte more than a file may have, so that we see that it has too many. */
export const MULTIPART_LIMITS = { fieldNameSize: 200, fieldSize: MAX_FIELD_BYTES, fields: 300, parts: 320, headerPairs: 50, fileSize: MAX_FILE_BYTES + 1 };
export const FOLDING: qs.IParseOptions = { depth: 6, arrayLimit: 1000, parameterLimit: 2000, allowDots: false };

// The parser has no error classes for these.
const BROKEN_FORM = /terminated early|Unexpected end of multipart data|Boundary not found|Malformed|^aborted$/i;

/** Takes one file of a form; what it returns stands in the body where the file stood. Must read the file to its end or throw. */
export type FileTaker = (file: MultipartFile) => Promise<object>;

/**
 * Reads a multipart body in the order it arrives. Keys with brackets (`content_attributes[a][b]`, `attachments[]`) are folded as in a query.
 * Throws at the first thing that is wrong, with the rest of the body unread.
 */
export async function readMultipart(request: FastifyRequest, takeFile: FileTaker): Promise<Record<string, unknown>> {
  const places = new Map<string, object>();
  const flat: Record<string, string | string[]> = {};
  const put = (key: string, value: string): void => {
    const known = flat[key];
    flat[key] = known === undefined ? value : Array.isArray(known) ? [...known, value] : [known, value];
  };
  let characters = 0;
  try {
    for await (const part of request.parts({ limits: MULTIPART_LIMITS })) {
      if (part.type === 'field') {
        const text = textOf(part);
        characters += text.length;
        if (characters > MAX_TEXT) throw new Problem('too_large', 'The fields of this form are too long together.');
        put(part.fieldname, text);
      } else {
        // Folding copies plain objects; a name that nobody can guess stands for the file until then.
        const place = `file:${randomUUID()}`;
        places.set(place, await takeFile(part));
        put(part.fieldname, place);
      }
    }
  } catch (error) {
    throw BROKEN_FORM.test((error as Error).message) ? unprocessable('This form ends in the middle or is not one.') : error;
  }
  return withFiles(qs.parse(flat as never, FOLDING), places) as Record<string, unknown>;
}

function textOf(part: Extract<Multipart, { type: 'field' }>): string {
  if (part.valueTruncated || part.fieldnameTruncated) throw new Problem('too_large', 'A field of this form is too long.');
  if (typeof part.value !== 'string') throw invalid(part.fieldname, 'must be sent as text');
  return part.value;
}

function withFiles(value: unknown, places: Map<string, object>): unknown {
  if (typeof value === 'string') return places.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => withFiles(item, places));
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, withFiles(v, places)]));
  return value;
}

import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { parseLeniently, withoutEmpty } from './lenient-parse.js';
import { Problem } from './problem.js';
import { isToldAsError } from './schema-fields.js';

/** Checks bodies, queries and path parameters against the zod schema given to @Body, @Query or @Param. */
@Injectable()
export class SchemaPipe implements PipeTransform {
  async transform(value: unknown, meta: ArgumentMetadata): Promise<unknown> {
    const schema = (meta as { schema?: unknown }).schema;
    if (!(schema instanceof z.ZodType)) return value;
    const result = meta.type === 'body' ? await parseLeniently(schema, value ?? {}) : await schema.safeParseAsync(meta.type === 'query' ? withoutEmpty(value) : value);
    if (result.success) return result.data;
    // A path that is not even an id names nothing, so it is missing rather than wrong.
    if (meta.type === 'param') throw new Problem('not_found', 'Resource could not be found');
    const attributes = [...new Set(result.error.issues.map((issue) => issue.path.join('.') || 'body'))];
    const message = result.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join(', ');
    throw new Problem('invalid', message, { attributes, ...(isToldAsError(schema) && { body: { error: message } }) });
  }
}

import { applyDecorators, HttpCode, SerializeOptions } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';

/** Says what a handler answers: checks it on the way out, documents it, sets the status. For an array pass the item's schema and isArray. */
export function answers(schema: z.ZodType, { status = 200, isArray = false, description = '' } = {}): MethodDecorator {
  return applyDecorators(SerializeOptions({ schema } as never), HttpCode(status), ApiResponse({ status, standardSchema: schema, isArray, description } as never));
}

/** An answer without content, in the documented code. */
export function answersEmpty(status = 200, description = ''): MethodDecorator {
  return applyDecorators(HttpCode(status), ApiResponse({ status, description }));
}

/** A time on the wire: seconds since 1970. */
export const seconds = z.int();

import type { z } from 'zod';
import { SetupError } from './setup.errors.js';

/** The value as the schema makes it. Throws SetupError naming the option. */
export function checked<S extends z.ZodType>(option: string, schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (!result.success) throw new SetupError(`--${option} ${result.error.issues[0]?.message ?? 'is wrong'}.`);
  return result.data;
}

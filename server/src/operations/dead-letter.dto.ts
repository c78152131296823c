import { z } from 'zod';
import { formInt } from '../platform/http/schema-fields.js';

export const PER_PAGE = 25;
export const DeadLetterQuery = z.object({ page: formInt.pipe(z.int().min(1).max(400)).default(1) });
export type DeadLetterQuery = z.infer<typeof DeadLetterQuery>;

/** Work that was given up. Its payload stays with us: it may hold more than its reader should see. */
export const DeadLetter = z.object({
  id: z.int(), account_id: z.int().nullable(), work: z.string(), event: z.string().nullable(), error: z.string(), attempts: z.int(), created_at: z.int(),
}).meta({ id: 'DeadLetter' });
export type DeadLetter = z.infer<typeof DeadLetter>;
export const DeadLetterList = z.object({ meta: z.object({ count: z.int(), current_page: z.int() }), payload: z.array(DeadLetter) });
export type DeadLetterList = z.infer<typeof DeadLetterList>;

import { z } from 'zod';

const whole = (max: number) => z.string().regex(/^\d{1,15}$/).transform(Number).pipe(z.int().max(max));

export const CatchUpQuery = z.object({ after: whole(Number.MAX_SAFE_INTEGER), limit: whole(1_000).pipe(z.int().min(1)).default(500) });
export const CatchUp = z.object({
  payload: z.array(z.object({ seq: z.int(), event: z.string(), data: z.unknown() })),
  /** `last_seq`: how far this page reads. `complete`: whether that is the end of the log. */
  meta: z.object({ last_seq: z.int(), complete: z.boolean() }),
}).meta({ id: 'CatchUp' });
export type CatchUp = z.infer<typeof CatchUp>;

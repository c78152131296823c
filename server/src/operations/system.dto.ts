import { z } from 'zod';

/** Whether something is as it should be: `warning` wants a look, `failed` wants it now. */
export const CheckState = z.enum(['ok', 'warning', 'failed']);
export type CheckState = z.infer<typeof CheckState>;
export const CHECKS = ['database', 'queue', 'relay', 'dead_letters', 'disk', 'mail', 'backup'] as const;

const lane = z.object({ lane: z.string(), waiting: z.int(), active: z.int(), delayed: z.int() });

/** How the installation does. Sizes in bytes, times in seconds. */
export const SystemStatus = z.object({
  version: z.string(), node_version: z.string(), started_at: z.int(),
  checks: z.array(z.object({ id: z.enum(CHECKS), state: CheckState })),
  database: z.object({ version: z.string(), size: z.int() }),
  queue: z.object({ backend: z.enum(['redis', 'postgres']), lanes: z.array(lane).nullable() }),
  relay: z.object({ lag_seconds: z.number(), undispatched: z.int(), deliveries_pending: z.int() }),
  outbound_waiting: z.int(), dead_letters: z.int(),
  disk: z.object({ free: z.int(), total: z.int() }).nullable(),
  storage: z.enum(['disk', 's3']), mail_configured: z.boolean(),
  last_backup: z.object({ finished_at: z.int(), size: z.int().nullable(), ok: z.boolean() }).nullable(),
}).meta({ id: 'SystemStatus' });
export type SystemStatus = z.infer<typeof SystemStatus>;

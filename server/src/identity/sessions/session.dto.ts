import { z } from 'zod';
import { seconds } from '../../platform/http/answers.js';

export const Session = z.object({
  id: z.int(), current: z.boolean(), browser_name: z.string().nullable(), platform_name: z.string().nullable(), ip_address: z.string().nullable(),
  created_at: seconds, last_activity_at: seconds,
}).meta({ id: 'Session' });
export const SessionList = z.object({ payload: z.array(Session) });

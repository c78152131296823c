import { z } from 'zod';
import { flatOrWrapped, formInt, formJson } from '../platform/http/schema-fields.js';

const position = formInt.pipe(z.int().min(0).max(1_000_000));
/** Where things stand, by their ids, as Chatwoot's dashboard sends it. Ids of something else are passed over. */
export const Positions = flatOrWrapped('article', z.object({
  positions_hash: formJson(z.record(z.string().regex(/^\d{1,15}$/), position).refine((v) => Object.keys(v).length <= 1_000, 'has more than 1000 entries')),
})).meta({ id: 'HelpPositions' });
export type Positions = z.infer<typeof Positions>;

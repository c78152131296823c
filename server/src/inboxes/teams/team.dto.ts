import { z } from 'zod';
import { flatOrWrapped, formBool, formInt, formList, line, text } from '../../platform/http/schema-fields.js';

const fields = { description: text(1000).nullish(), allow_auto_assign: formBool.optional() };
/** Stored lower-case, as Chatwoot keeps it: two teams whose names differ in capitals only would be mistaken for each other. */
const name = line(255).toLowerCase();
export const CreateTeam = flatOrWrapped('team', z.object({ name, ...fields }));
export type CreateTeam = z.infer<typeof CreateTeam>;
export const UpdateTeam = flatOrWrapped('team', z.object({ name: name.optional(), ...fields }));
export type UpdateTeam = z.infer<typeof UpdateTeam>;
export const TeamMembers = z.object({ user_ids: formList(formInt) });
export type TeamMembers = z.infer<typeof TeamMembers>;
export const TeamSchema = z.object({
  id: z.int(), name: z.string(), description: z.string().nullable(), allow_auto_assign: z.boolean(), account_id: z.int(), is_member: z.boolean(),
}).meta({ id: 'Team' });
export type WireTeam = z.infer<typeof TeamSchema>;
/** A team as conversations show it: the same for everybody who looks. */
export const ShownTeam = TeamSchema.omit({ is_member: true, account_id: true }).meta({ id: 'ShownTeam' });

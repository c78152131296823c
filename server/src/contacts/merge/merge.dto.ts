import { z } from 'zod';
import { formInt } from '../../platform/http/schema-fields.js';

export const MergeContacts = z.object({ base_contact_id: formInt, mergee_contact_id: formInt });
export type MergeContacts = z.infer<typeof MergeContacts>;

import { z } from 'zod';
import { flatOrWrapped, formInt, formList, line } from '../../platform/http/schema-fields.js';
import { UploadedFile } from '../files/action-file.dto.js';
import { Action, Actions } from '../actions/action.dto.js';

export const VISIBILITIES = ['personal', 'global'] as const;
const visibility = z.enum(VISIBILITIES);
export const CreateMacro = flatOrWrapped('macro', z.object({ name: line(255), visibility: visibility.default('personal'), actions: Actions }));
export type CreateMacro = z.infer<typeof CreateMacro>;
export const UpdateMacro = flatOrWrapped('macro', z.object({ name: line(255).optional(), visibility: visibility.optional(), actions: Actions.optional() }));
export type UpdateMacro = z.infer<typeof UpdateMacro>;
export const ExecuteMacro = z.object({ conversation_ids: formList(formInt, 1000).pipe(z.array(z.int().min(1)).min(1, 'cannot be empty')) });

const Author = z.object({ id: z.int(), name: z.string() });
export const MacroSchema = z.object({
  id: z.int(), name: z.string(), visibility, actions: z.array(Action), account_id: z.int(), created_by: Author.optional(), updated_by: Author.optional(), created_at: z.int(),
  files: z.array(UploadedFile).optional(),
}).meta({ id: 'Macro' });
export type WireMacro = z.infer<typeof MacroSchema>;
export const MacroAnswer = z.object({ payload: MacroSchema });
export const MacroList = z.object({ payload: z.array(MacroSchema) });

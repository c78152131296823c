import { z } from 'zod';
import { Conditions } from '../../platform/filters/filter.dto.js';
import { formJson, formList, text } from '../../platform/http/schema-fields.js';
import { stagedFile } from '../../platform/storage/staged-file.js';
import { ENCODINGS } from './table-file.js';

export const StartImport = z.object({ import_file: stagedFile.optional(), encoding: z.enum(ENCODINGS).optional() });
export type StartImport = z.infer<typeof StartImport>;
export const ImportSchema = z.object({
  id: z.int(), file_name: z.string(), encoding: z.string(), total: z.int(), done: z.int(), created: z.int(), updated: z.int(), rejected: z.int(), finished: z.boolean(), created_at: z.int(),
}).meta({ id: 'ContactImport' });
export type WireImport = z.infer<typeof ImportSchema>;
export const ImportAnswer = z.object({ payload: ImportSchema });
export const ImportList = z.object({ payload: z.array(ImportSchema) });

export const StartExport = z.object({ payload: formJson(Conditions).optional(), label: text(100).toLowerCase().optional(), column_names: formList(text(120), 200).optional() });
export type StartExport = z.infer<typeof StartExport>;
export const ExportSchema = z.object({ id: z.int(), done: z.int(), finished: z.boolean(), url: z.string().nullable(), created_at: z.int() }).meta({ id: 'ContactExport' });
export type WireExport = z.infer<typeof ExportSchema>;
export const ExportAnswer = z.object({ payload: ExportSchema });

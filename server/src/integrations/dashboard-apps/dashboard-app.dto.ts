import { z } from 'zod';
import { flatOrWrapped, formJson, line } from '../../platform/http/schema-fields.js';

// A frame of ours can show nothing else, and `javascript:` would run as us.
const pageAddress = line(2_048).refine((v) => URL.canParse(v) && /^https?:$/.test(new URL(v).protocol), 'is not the address of a page');
const content = formJson(z.array(z.object({ type: z.literal('frame'), url: pageAddress })).min(1, 'cannot be empty').max(5));
export const CreateDashboardApp = flatOrWrapped('dashboard_app', z.object({ title: line(100), content })).meta({ id: 'CreateDashboardApp' });
export type CreateDashboardApp = z.infer<typeof CreateDashboardApp>;
export const UpdateDashboardApp = flatOrWrapped('dashboard_app', z.object({ title: line(100).optional(), content: content.optional() })).meta({ id: 'UpdateDashboardApp' });
export type UpdateDashboardApp = z.infer<typeof UpdateDashboardApp>;
export const DashboardAppSchema = z.object({ id: z.int(), title: z.string(), content: z.array(z.object({ type: z.string(), url: z.string() })), created_at: z.string() }).meta({ id: 'DashboardApp' });
export type WireDashboardApp = z.infer<typeof DashboardAppSchema>;

/** How somebody is called; what else is known of them where they gave no name. */
export function personName(person: { name?: string | null; available_name?: string; email?: string | null; phone_number?: string | null } | null | undefined, unknown: string): string {
  return person?.available_name || person?.name || person?.email || person?.phone_number || unknown;
}

/** The colleague who has it; null also while a bot does. */
export const assigneeId = ({ meta }: { meta: { assignee?: { id: number } | null; assignee_type?: string | null } }): number | null => (meta.assignee_type === 'AgentBot' ? null : meta.assignee?.id ?? null);

/** Where their picture is; people and agents carry it under different names. */
export const personPicture = (person: { thumbnail?: string; avatar_url?: string } | null | undefined): string | null => person?.thumbnail || person?.avatar_url || null;

/*
 * What Chatwoot's answers look like, in our own words and as small as it goes. One shape per name: `key:type`, `key?:type` for one that may be absent, `type?` for
 * null as well. Types: i(nteger) n(umber) s(tring) b(oolean) o(bject) t(ime as ISO text) null any, `a|b` for the words allowed, @name, [type] for a list of them.
 * Further keys are welcome.
 */
const SHAPES: Record<string, string> = {
  nothing: '',
  user: `access_token:s account_id:i? available_name:s avatar_url:s confirmed:b display_name:s? message_signature:s? email:s id:i name:s provider:s pubsub_token:s role:administrator|agent?
    ui_settings:o uid:s accounts:[@membership]`,
  membership: 'id:i name:s active_at:t? role:administrator|agent',
  account: 'id:i name:s locale:s domain:s? support_email:s? status:active|suspended created_at:t settings:o features:o cache_keys:@cacheKeys custom_attributes?:o latest_chatwoot_version?:s?',
  cacheKeys: 'label:s inbox:s team:s',
  platformAccount: 'id:i name:s locale:s domain:s? support_email:s? features:o custom_attributes:o limits:o status:active|suspended',
  accountUser: 'account_id:i user_id:i role:agent|administrator',
  platformBot: 'id:i name:s description:s? outgoing_url:s? account_id:i? access_token:s',
  login: 'url:s',
  agent: 'id:i account_id:i? availability_status:online|busy|offline auto_offline:b confirmed:b email:s provider:s available_name:s name:s role:administrator|agent thumbnail:s',
  bot: 'id:i name:s description:s? thumbnail:s outgoing_url:s? bot_type:webhook bot_config:o account_id:i? system_bot:b access_token?:s? secret?:s?',
  inboxBot: 'agent_bot:o',
  slimInbox: 'id:i avatar_url:s channel_id:i name:s channel_type:s provider:s?',
  inbox: `id:i avatar_url:s channel_id:i name:s channel_type:s provider:s? greeting_enabled:b greeting_message:s? working_hours_enabled:b enable_email_collect:b csat_survey_enabled:b csat_config:o
    enable_auto_assignment:b auto_assignment_config:o out_of_office_message:s? working_hours:[@workingHours] timezone:s callback_webhook_url:s? allow_messages_after_resolved:b
    lock_to_single_conversation:b sender_name_type:friendly|professional business_name:s? allowed_domains:s? widget_color:s? website_url:s? hmac_mandatory:b? welcome_title:s? welcome_tagline:s?
    web_widget_script:s? website_token:s? selected_feature_flags:[s]? reply_time:s? messaging_service_sid:s? phone_number:s?`,
  workingHours: 'day_of_week:i closed_all_day:b open_hour:i? open_minutes:i? close_hour:i? close_minutes:i? open_all_day:b',
  inboxes: 'payload:[@inbox]',
  agents: 'payload:[@agent]',
  contact: `id:i name:s? email:s? phone_number:s? identifier:s? thumbnail:s blocked:b availability_status:online|offline additional_attributes:o custom_attributes:o last_activity_at?:i? created_at?:i
    contact_inboxes?:[@contactInbox]`,
  contactInbox: 'source_id:s inbox:@slimInbox',
  oneContact: 'payload:@contact',
  contacts: 'meta:@page payload:[@contact]',
  foundContacts: 'meta:@morePage payload:[@contact]',
  page: 'count:i current_page:any',
  morePage: 'count:i current_page:any has_more:b',
  madeContact: 'payload:@madeContactPayload',
  madeContactPayload: 'contact:@contact contact_inbox:@madeContactInbox',
  madeContactInbox: 'inbox:o? source_id:s?',
  contactable: 'payload:[@contactInbox]',
  titles: 'payload:[s]',
  conversationMeta: 'sender:@contact channel:s assignee?:o? assignee_type?:User|AgentBot? team?:o? hmac_verified:b?',
  conversation: `id:i uuid:s account_id:i inbox_id:i status:open|resolved|pending|snoozed priority:low|medium|high|urgent? labels:[s] muted:b can_reply:b unread_count:i snoozed_until:t?
    additional_attributes:o custom_attributes:o agent_last_seen_at:i assignee_last_seen_at:i contact_last_seen_at:i created_at:i updated_at:n timestamp:i last_activity_at:i
    first_reply_created_at:i waiting_since:i sla_policy_id:i? messages:[@eventMessage] last_non_activity_message:@eventMessage? meta:@conversationMeta`,
  conversationsOfContact: 'payload:[@conversation]',
  listed: 'data:@listedData',
  listedData: 'meta:@counts payload:[@conversation]',
  counts: 'mine_count:i assigned_count:i unassigned_count:i all_count:i',
  countsMeta: 'meta:@counts',
  filtered: 'meta:@filteredCounts payload:[@conversation]',
  filteredCounts: 'mine_count:i unassigned_count:i all_count:i',
  toggled: 'meta:o payload:@toggledPayload',
  toggledPayload: 'success:b conversation_id:i current_status:open|resolved|pending|snoozed snoozed_until:any',
  attributes: 'custom_attributes:o',
  message: `id:i content:s? inbox_id:i conversation_id:i message_type:i content_type:s status:sent|delivered|read|failed content_attributes:o created_at:i private:b source_id:s? echo_id?:s sender?:o
    attachments?:[@attachment]`,
  eventMessage: `id:i content:s? inbox_id:i conversation_id:i message_type:i content_type:s status:sent|delivered|read|failed content_attributes:o created_at:i private:b source_id:s? sender?:o
    account_id:i updated_at:t sender_type:Contact|User|AgentBot? sender_id:i? processed_message_content:s? sentiment:o external_source_ids:o additional_attributes:o conversation:@messageConversation`,
  messageConversation: 'assignee_id:i? unread_count:i last_activity_at:i contact_inbox:o',
  attachment: 'id:i message_id:i file_type:s account_id:i extension:s? content_type?:s? data_url:s thumb_url:s file_size:i width:i? height:i?',
  thread: 'meta:@threadMeta payload:[@message]',
  threadMeta: 'labels:[s] additional_attributes:o contact:o assignee?:o agent_last_seen_at:t? assignee_last_seen_at:t?',
  publicInbox: 'identifier:s identity_validation_enabled:b name:s timezone:s working_hours:[@workingHours] working_hours_enabled:b csat_survey_enabled:b greeting_enabled:b',
  publicContact: 'source_id:s pubsub_token:s id:i name:s? email:s? phone_number:s?',
  rawContact: 'id:i name:s? email:s? phone_number:s?',
  publicConversation: 'id:i uuid:s inbox_id:i contact_last_seen_at:i status:open|resolved|pending|snoozed agent_last_seen_at:i messages:[@publicMessage] contact:o',
  publicMessage: 'id:i content:s? message_type:i content_type:s content_attributes:o created_at:i conversation_id:i attachments?:[@attachment] sender?:o',
  label: 'id:i title:s description:s? color:s show_on_sidebar:b?',
  labels: 'payload:[@label]',
  team: 'id:i name:s description:s? allow_auto_assign:b account_id:i is_member:b',
  canned: 'id:i account_id:i short_code:s content:s created_at:t updated_at:t',
  attribute: `id:i attribute_display_name:s attribute_display_type:text|number|currency|percent|link|date|list|checkbox attribute_description:s? attribute_key:s regex_pattern:s? regex_cue:s?
    attribute_values:[s] attribute_model:conversation_attribute|contact_attribute default_value:any created_at:t updated_at:t`,
  filter: 'id:i name:s filter_type:conversation|contact|report query:o created_at:t updated_at:t',
  webhook: 'id:i name:s? url:s account_id:i subscriptions:[s] secret:s inbox?:o?',
  webhooks: 'payload:@webhooksPayload',
  webhooksPayload: 'webhooks:[@webhook]',
  oneWebhook: 'payload:@oneWebhookPayload',
  oneWebhookPayload: 'webhook:@webhook',
  rule: 'id:i account_id:i name:s description:s? event_name:s conditions:[@condition] actions:[@action] created_on:i active:b',
  condition: 'attribute_key:s filter_operator:s values:[any] query_operator?:s?',
  action: 'action_name:s action_params:any',
  rules: 'payload:[@rule]',
  oneRule: 'payload:@rule',
  app: 'id:s name:s description:s? short_description?:s? enabled:b hooks:[@hook] hook_type?:s? action?:any',
  apps: 'payload:[@app]',
  hook: 'id:i app_id:s status:b inbox:o? account_id:i hook_type:account|inbox settings:o reference_id?:s?',
  portal: 'id:i color:s? custom_domain:s? header_text:s? homepage_link:s? name:s page_title:s? slug:s archived:b account_id:i config:@portalConfig meta:o',
  portalConfig: 'allowed_locales:[@portalLocale] default_locale:s',
  portalLocale: 'code:s articles_count:i categories_count:i',
  portals: 'payload:[@portal] meta:@portalsMeta',
  portalsMeta: 'current_page:any portals_count:i',
  category: 'id:i name:s slug:s locale:s description:s? position:i? account_id:i icon:s? related_categories:[o] meta:o',
  oneCategory: 'payload:@category',
  article: 'id:i slug:s title:s content:s? description:s? status:draft|published|archived position:i? account_id:i updated_at:i meta:o category:o views:i associated_articles:[o]',
  oneArticle: 'payload:@article',
  reportingEvent: 'id:i name:s value:n value_in_business_hours:n? event_start_time:any event_end_time:any account_id:i conversation_id:i? inbox_id:i? user_id:i? created_at:any updated_at:any',
  reportingEvents: 'payload:[@reportingEvent] meta:@reportingPage',
  reportingPage: 'count:i current_page:i total_pages:i',
  point: 'value:n timestamp:i count?:i',
  summary: 'conversations_count:i incoming_messages_count:i outgoing_messages_count:i avg_first_response_time:n? avg_resolution_time:n? resolutions_count:i reply_time:n? previous:@previousSummary',
  previousSummary: 'conversations_count:i incoming_messages_count:i outgoing_messages_count:i avg_first_response_time:n? avg_resolution_time:n? resolutions_count:i reply_time:n?',
  liveConversations: 'open:i unattended:i unassigned:i pending:i',
  liveAgent: 'id:i name:s email:s thumbnail:s? availability:s metric:@liveMetric',
  liveMetric: 'open:i unattended:i',
  summaryRow: 'id:i conversations_count:i resolved_conversations_count:i avg_resolution_time:n? avg_first_response_time:n? avg_reply_time:n?',
  matrix: 'inboxes:[@named] labels:[@titled] matrix:[any]',
  named: 'id:i name:s',
  titled: 'id:i title:s',
  outgoing: 'id:i name:s outgoing_messages_count:i',
  auditLogs: 'per_page:i total_entries:i current_page:i audit_logs:[@auditLog]',
  auditLog: `id:i auditable_id:i? auditable_type:s auditable:o? associated_id:i? associated_type:s? user_id:i? user_type:s? username:s? action:create|update|destroy audited_changes:o version:i comment:s?
    request_uuid:s? created_at:i remote_address:s?`,
};

interface Field { key: string; mayBeAbsent: boolean; type: string }
const parsed = new Map<string, Field[]>(Object.entries(SHAPES).map(([name, text]) => [name, text.split(/\s+/).filter(Boolean).map((field) => {
  const [, key, absent, type] = /^(\w+)(\??):(.+)$/.exec(field)!;
  return { key: key!, mayBeAbsent: absent === '?', type: type! };
})]));

const PLAIN: Record<string, (value: unknown) => boolean> = {
  i: (v) => Number.isInteger(v), n: (v) => typeof v === 'number', s: (v) => typeof v === 'string', b: (v) => typeof v === 'boolean',
  o: (v) => typeof v === 'object' && v !== null && !Array.isArray(v), t: (v) => typeof v === 'string' && /^\d{4}-\d\d-\d\dT/.test(v), any: () => true, null: (v) => v === null,
};

/** What is wrong with a value of this type, each with its place; empty when all is well. */
export function misfits(type: string, value: unknown, at = ''): string[] {
  if (type.endsWith('?')) return value === null ? [] : misfits(type.slice(0, -1), value, at);
  const here = (): string[] => [`${at || 'the answer'} is ${JSON.stringify(value)?.slice(0, 80)} instead of ${type}`];
  if (type.startsWith('[')) return Array.isArray(value) ? value.flatMap((one, n) => misfits(type.slice(1, -1), one, `${at}[${n}]`)) : here();
  if (type.startsWith('@')) {
    const fields = parsed.get(type.slice(1));
    if (!fields) throw new Error(`There is no shape ${type}.`);
    if (!PLAIN['o']!(value)) return here();
    const object = value as Record<string, unknown>;
    return fields.flatMap(({ key, mayBeAbsent, type: own }) => (key in object ? misfits(own, object[key], at ? `${at}.${key}` : key) : mayBeAbsent ? [] : [`${at ? `${at}.` : ''}${key} is missing`]));
  }
  const plain = PLAIN[type];
  return (plain ? plain(value) : typeof value === 'string' && type.split('|').includes(value)) ? [] : here();
}

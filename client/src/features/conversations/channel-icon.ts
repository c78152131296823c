import { AtSign, Braces, Mail, MessageCircle, MessageSquare, Phone, Send } from '@lucide/vue';
import type { Component } from 'vue';

const icons: Record<string, Component> = {
  'Channel::WebWidget': MessageCircle, 'Channel::Api': Braces, 'Channel::Email': Mail, 'Channel::Telegram': Send, 'Channel::Sms': Phone, 'Channel::TwilioSms': Phone,
  'Channel::Instagram': AtSign, 'Channel::FacebookPage': AtSign,
};

/** The sign of a kind of channel; a speech bubble for one that is not known here. */
export const channelIcon = (channelType: string): Component => icons[channelType] ?? MessageSquare;

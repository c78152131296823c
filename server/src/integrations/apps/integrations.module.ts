import { Module } from '@nestjs/common';
import { DashboardAppsController } from '../dashboard-apps/dashboard-apps.controller.js';
import { DashboardAppsRepository } from '../dashboard-apps/dashboard-apps.repository.js';
import { HooksRepository } from './hooks.repository.js';
import { KeepHooks } from './keep-hooks.service.js';
import { IntegrationsController } from './integrations.controller.js';

/** What an account has connected. */
@Module({ controllers: [IntegrationsController, DashboardAppsController], providers: [HooksRepository, KeepHooks, DashboardAppsRepository], exports: [HooksRepository, KeepHooks] })
export class IntegrationsModule {}

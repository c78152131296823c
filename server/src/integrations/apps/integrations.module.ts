import { Module } from '@nestjs/common';
import { DashboardAppsController } from '../dashboard-apps/dashboard-apps.controller.js';
import { DashboardAppsRepository } from '../dashboard-apps/dashboard-apps.repository.js';
import { HooksRepository } from './hooks.repository.js';
import { IntegrationsController } from './integrations.controller.js';

/** What an account has connected. */
@Module({ controllers: [IntegrationsController, DashboardAppsController], providers: [HooksRepository, DashboardAppsRepository], exports: [HooksRepository] })
export class IntegrationsModule {}

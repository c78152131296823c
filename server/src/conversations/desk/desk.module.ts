import { Module } from '@nestjs/common';
import { ContactFilesController } from './contact-files.controller.js';
import { DeskController } from './desk.controller.js';
import { DeskRepository } from './desk.repository.js';
import { DraftsRepository } from './drafts.repository.js';

/** What an agent has on the desk beside the thread. */
@Module({ controllers: [ContactFilesController, DeskController], providers: [DeskRepository, DraftsRepository], exports: [DeskRepository] })
export class DeskModule {}

"""Run inside `bugsink-manage shell`: one project for each key in BUGSINK_KEYS, ids from 1."""

import os
import uuid

from projects.models import Project, ProjectMembership, ProjectRole
from teams.models import Team
from users.models import User

team = Team.objects.get_or_create(name="tests")[0]
for number, key in enumerate(os.environ["BUGSINK_KEYS"].split(","), start=1):
    project = Project.objects.create(
        name=f"project {number}", slug=f"project-{number}", team=team, sentry_key=uuid.UUID(key)
    )
    ProjectMembership.objects.create(
        project=project, user=User.objects.get(), role=ProjectRole.ADMIN, accepted=True
    )
    assert project.id == number

"""Settings of the Django shop."""

import os

ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "django_app"
SECRET_KEY = os.urandom(20).hex()
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]

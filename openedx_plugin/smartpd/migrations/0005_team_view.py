from django.conf import settings
from django.db import migrations, models
import django.db.models.deletion
import opaque_keys.edx.django.models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('smartpd', '0004_choices'),
    ]

    operations = [
        migrations.CreateModel(
            name='DiagnosisAnswers',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answers', models.JSONField()),
                ('result', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='single_answers', to='smartpd.diagnosisresult')),
            ],
        ),
        migrations.CreateModel(
            name='TeamAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('usage_key', opaque_keys.edx.django.models.UsageKeyField(max_length=255)),
                ('act', models.CharField(max_length=16)),
                ('at', models.DateTimeField()),
                ('answered', models.PositiveIntegerField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('profile', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='team_acts', to='smartpd.profile')),
            ],
            options={
                'indexes': [models.Index(fields=['profile', 'usage_key'], name='smartpd_team_act')],
            },
        ),
    ]

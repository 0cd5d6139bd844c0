"""Intakes, proposals, former texts, former themes and the record of changes.

The triggers go first: SQLite remakes the tables that they name, and `0006_rules_of_texts` makes them again.
"""

from importlib import import_module

import django.core.serializers.json
import django.db.models.deletion
from django.db import migrations, models

first = import_module("recommendations.migrations.0002_rules")


class Migration(migrations.Migration):

    dependencies = [
        ('recommendations', '0004_groups'),
    ]

    operations = [
        migrations.RunPython(first.drop_rules, first.make_rules),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('moment', models.DateTimeField(auto_now_add=True)),
                ('who', models.CharField(max_length=150)),
                ('act', models.CharField(max_length=40)),
                ('kind', models.CharField(max_length=40)),
                ('object_id', models.CharField(max_length=40)),
                ('label', models.CharField(max_length=200)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('before', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, null=True)),
                ('after', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, null=True)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='FormerText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('text', models.TextField()),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256 of the text')),
                ('note_signs', models.JSONField(default=list)),
                ('contents', models.JSONField(default=list)),
                ('replaced_at', models.DateTimeField()),
                ('reason', models.CharField(max_length=300)),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='FormerTheme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(unique=True)),
                ('label', models.CharField(max_length=80)),
                ('ended_on', models.DateField()),
                ('reason', models.CharField(max_length=300)),
            ],
            options={
                'ordering': ['slug'],
            },
        ),
        migrations.CreateModel(
            name='Intake',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=255, verbose_name='file name')),
                ('kind', models.CharField(max_length=10)),
                ('original', models.BinaryField()),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256 of the file')),
                ('pieces', models.JSONField(default=list)),
                ('title', models.CharField(blank=True, max_length=250)),
                ('short_title', models.CharField(blank=True, max_length=80)),
                ('code', models.CharField(blank=True, max_length=60)),
                ('issued_on', models.DateField(blank=True, null=True)),
                ('occasion', models.CharField(blank=True, max_length=120)),
                ('url', models.URLField(blank=True, max_length=500, verbose_name='address of the original')),
                ('language', models.CharField(default='en', max_length=12)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('created_by', models.CharField(max_length=150)),
                ('revision', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ['-created_at', '-pk'],
                'verbose_name': 'declaration brought in',
                'verbose_name_plural': 'declarations brought in',
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('spans', models.JSONField()),
                ('start', models.PositiveIntegerField(editable=False)),
                ('why', models.CharField(blank=True, max_length=200)),
                ('title', models.CharField(blank=True, max_length=120)),
                ('summary', models.TextField(blank=True, max_length=600)),
                ('tags', models.JSONField(blank=True, default=list)),
                ('decision', models.CharField(choices=[('open', 'open'), ('accepted', 'accepted'), ('rejected', 'rejected')], default='open', max_length=8)),
                ('decided_by', models.CharField(blank=True, max_length=150)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['start', 'pk'],
            },
        ),
        migrations.AlterModelOptions(
            name='source',
            options={'ordering': ['-issued_on', 'code'], 'permissions': [('correct_source', 'Can correct the stored text of a source')]},
        ),
        migrations.RemoveConstraint(
            model_name='citation',
            name='citation_once',
        ),
        migrations.AddField(
            model_name='citation',
            name='text_number',
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name='theme',
            name='signals',
            field=models.TextField(blank=True, default='', help_text='Words that suggest this theme in a new declaration, one a line. Readers never see them.'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='source',
            name='text_number',
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AlterField(
            model_name='source',
            name='text',
            field=models.TextField(blank=True, help_text='As published, verbatim. Once a quote points into it, only a correction changes it.'),
        ),
        migrations.AddConstraint(
            model_name='citation',
            constraint=models.UniqueConstraint(fields=('recommendation', 'source', 'role', 'text_number', 'start'), name='citation_once'),
        ),
        migrations.AddIndex(
            model_name='change',
            index=models.Index(fields=['kind', 'object_id'], name='change_of_thing'),
        ),
        migrations.AddField(
            model_name='formertext',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='former_texts', to='recommendations.source'),
        ),
        migrations.AddField(
            model_name='formertheme',
            name='successor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='former', to='recommendations.theme'),
        ),
        migrations.AddField(
            model_name='intake',
            name='source',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='intake', to='recommendations.source'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='addressees',
            field=models.ManyToManyField(blank=True, related_name='proposals', to='recommendations.actor'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='entry',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='recommendations.recommendation'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='recommendations.source'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='themes',
            field=models.ManyToManyField(blank=True, related_name='proposals', to='recommendations.theme'),
        ),
        migrations.AddConstraint(
            model_name='formertext',
            constraint=models.UniqueConstraint(fields=('source', 'number'), name='former_text_number_once'),
        ),
        migrations.AddConstraint(
            model_name='formertext',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='former_text_number_from_one'),
        ),
    ]

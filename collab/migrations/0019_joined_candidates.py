from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('collab', '0018_publishing'),
        ('datareview', '0058_group_notes_and_ended_watches'),
    ]

    operations = [
        migrations.AddField(
            model_name='topic',
            name='joined',
            field=models.ManyToManyField(blank=True, related_name='joined_topics', to='datareview.candidate'),
        ),
    ]

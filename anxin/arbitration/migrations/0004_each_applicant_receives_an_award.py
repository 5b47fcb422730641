import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('arbitration', '0003_tribunal_and_hearings'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='received',
            name='arbitration_received_once',
        ),
        migrations.AddField(
            model_name='received',
            name='applicant',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='arbitration.applicant'),
        ),
        migrations.AddConstraint(
            model_name='received',
            constraint=models.UniqueConstraint(condition=models.Q(('applicant__isnull', True)), fields=('award', 'side'), name='arbitration_received_once'),
        ),
        migrations.AddConstraint(
            model_name='received',
            constraint=models.UniqueConstraint(condition=models.Q(('applicant__isnull', False)), fields=('award', 'applicant'), name='arbitration_received_by_one'),
        ),
        migrations.AddConstraint(
            model_name='received',
            constraint=models.CheckConstraint(condition=models.Q(('applicant__isnull', True), ('side', 'worker'), _connector='OR'), name='arbitration_received_by_worker'),
        ),
    ]

"""Protects what readers may have cited from being deleted or renamed in the admin."""

from django.contrib import admin


class ProtectUsed(admin.ModelAdmin):
    """Refuses to delete what is in use, and freezes the fields that addresses are made of."""

    frozen: tuple[str, ...] = ()

    def is_used(self, thing) -> bool:
        """Tell whether deleting a thing would change what readers see."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Offer no deletion of what is used."""
        return super().has_delete_permission(request, obj) and not (obj and self.is_used(obj))

    def get_deleted_objects(self, objs, request):
        """Name what is used as protected, so that the bulk action refuses too."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return (
            deleted,
            counts,
            lacking,
            [*protected, *(f"{thing} is in use" for thing in objs if self.is_used(thing))],
        )

    def get_readonly_fields(self, request, obj=None):
        """Freeze addresses."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, *self.frozen] if obj else fields

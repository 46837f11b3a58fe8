"""What readers tell the editors about lessons and cases."""
